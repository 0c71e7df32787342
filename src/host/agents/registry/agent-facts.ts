import { z } from 'zod';

const whole = z.number().int().min(0);

/** What an agent says of itself and its machine. */
export const agentFactsSchema = z.strictObject({
  name: z.string().regex(/^[\w.-]{1,64}$/),
  /** Of this life of the agent: one that was started again under its name is another. */
  instance: z.string().regex(/^[0-9a-f]{8,32}$/),
  version: z.string().max(64),
  /** Shape of the shares it can read. */
  planSchema: whole,
  /** Whether it plays a share. */
  isBusy: z.boolean(),
  cores: whole,
  /** Threads that its share is played in. */
  workers: whole.min(1),
  /** Processes that these are spread over. */
  processes: whole.min(1),
  /** Files that one process may have open. */
  descriptors: whole.optional(),
  /** Local ports of each source address. */
  localPorts: whole.optional(),
  /** Addresses that its connections start from; 0: the system chooses. */
  sources: whole,
  /** The most sessions that it was told to hold. */
  mostSessions: whole.optional(),
  machine: z.strictObject({ node: z.string(), platform: z.string(), cpu: z.string(), memoryMiB: whole }),
});
export type AgentFacts = z.infer<typeof agentFactsSchema>;

/** The queue on which an agent takes its shares. */
export function queueOf({ name, instance }: Pick<AgentFacts, 'name' | 'instance'>): string {
  return `${name}.${instance}`;
}

/** What an agent has said; undefined if it is not what agents of any version say. */
export function readFacts(text: string): AgentFacts | undefined {
  try {
    const read = agentFactsSchema.safeParse(JSON.parse(text));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
