/**
 * Names of everything that agents and their coordinators keep in Redis. All of it begins with `fleetstorm:`, and disappears by itself when
 * nobody renews it.
 */
export const PREFIX = 'fleetstorm';

/** Prefix of the queues of BullMQ; each agent has one. */
export const QUEUE_PREFIX = `${PREFIX}:queue`;

/** Names of the agents that have announced themselves, some of which may be gone. */
export const AGENTS_KEY = `${PREFIX}:agents`;

/** What an agent says of itself. */
export function agentKey(name: string): string {
  return `${PREFIX}:agent:${name}`;
}

/** Whose an agent is: the token of the share that it is to play, or plays. */
export function claimKey(name: string): string {
  return `${PREFIX}:claim:${name}`;
}

/** Names of one run's conversation with one of its agents. */
export interface ConversationKeys {
  /** Streams of numbered messages. */
  readonly toAgent: string;
  readonly toCoordinator: string;
  /** Channels of notes: signs of life, confirmations, clock pings. */
  readonly agentNotes: string;
  readonly coordinatorNotes: string;
}

/** `token`: of the share. */
export function conversationKeys(token: string): ConversationKeys {
  const base = `${PREFIX}:share:${token}`;
  return {
    toAgent: `${base}:down`,
    toCoordinator: `${base}:up`,
    agentNotes: `${base}:notes-down`,
    coordinatorNotes: `${base}:notes-up`,
  };
}

/** All that BullMQ may keep for a queue; `jobs`: of which it may keep a job. */
export function queueKeys(queue: string, jobs: readonly string[] = []): string[] {
  const base = `${QUEUE_PREFIX}:${queue}`;
  return [
    ...QUEUE_PARTS.map((part) => `${base}:${part}`),
    ...jobs.flatMap((job) => [`${base}:${job}`, `${base}:${job}:lock`, `${base}:${job}:logs`]),
  ];
}

const QUEUE_PARTS = [
  ...['meta', 'id', 'wait', 'active', 'marker', 'events', 'paused', 'delayed', 'prioritized', 'pc', 'completed'],
  ...['failed', 'stalled', 'stalled-check', 'waiting-children', 'repeat', 'limiter', 'de', 'metrics'],
];
