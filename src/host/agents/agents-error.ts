/** Why agents cannot play a run, in words for the user who asked for them; nothing was started. */
export class AgentsError extends Error {
  override readonly name = 'AgentsError';
}
