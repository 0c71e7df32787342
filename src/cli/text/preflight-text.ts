/** Why this machine cannot do what is planned, one line each. */
export function refusalText(refusals: readonly string[]): string {
  return `This machine cannot do what is planned:\n${refusals.map((text) => `  ${text}\n`).join('')}`;
}
