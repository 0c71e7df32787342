/** How long agents and their coordinator wait for each other, in milliseconds. */
export interface AgentTimes {
  /** Between two signs of life, on either side. */
  readonly beatMs: number;
  /** Silence after which an agent is marked. */
  readonly markedMs: number;
  /** Silence after which an agent is lost: nothing of it counts from then on. */
  readonly lostMs: number;
  /** Silence of the coordinator after which an agent ends its sessions, in order. */
  readonly coordinatorLostMs: number;
  /** Time without Redis after which an agent ends its sessions, in order. */
  readonly withoutRedisMs: number;
  /** Time without Redis after which the coordinator waits for no agent any more: those that ended have told it by then if they can. */
  readonly hopelessMs: number;
  /** What is not renewed for so long disappears from Redis. */
  readonly keptMs: number;
  /** An agent that has not said for so long that it is there, is not. */
  readonly announcedMs: number;
  /** From "all are ready" to instant 0 of the plan. */
  readonly startLeadMs: number;
  /** What was sent and not confirmed for so long is sent again. */
  readonly resendMs: number;
  /** How long agents have to end once they were told to. */
  readonly closeMs: number;
}

export const AGENT_TIMES: AgentTimes = {
  beatMs: 1_000,
  markedMs: 5_000,
  lostMs: 20_000,
  coordinatorLostMs: 15_000,
  withoutRedisMs: 30_000,
  hopelessMs: 45_000,
  keptMs: 60_000,
  announcedMs: 15_000,
  startLeadMs: 1_000,
  resendMs: 3_000,
  closeMs: 5_000,
};
