import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { type RunningCli, untilTimeline } from '../e2e/cli.ts';
import { type AgentsBed, agentsBed } from './agents-bed.ts';

/** Everybody is online within 2 s, and stays so. */
const SCENARIO = `
version: 1
name: held
seed: 7
duration: 30s
client: lean
target: { mqtt: "mqtt://127.0.0.1:1" }
fleets:
  - { name: meters, productKey: a1Meters, devices: 100, connect: { arrival: ramp, over: 2s } }
`;

/** A bed with a scenario of 100 sessions that are held. */
export interface HeldBed extends AgentsBed {
  readonly scenario: string;
  /** A run on two agents, the same ones each time, of which every session is online, and its coordinator knows. */
  held(duration: string, out?: string): Promise<{ a: RunningCli; b: RunningCli; run: RunningCli }>;
}

export async function heldBed(test: TestContext): Promise<HeldBed> {
  const bed = await agentsBed(test);
  const scenario = join(bed.folder, 'scenario.yaml');
  await writeFile(scenario, SCENARIO);
  let agents: Promise<[RunningCli, RunningCli]> | undefined;
  return {
    ...bed,
    scenario,
    held: async (duration, out = join(bed.folder, 'out')) => {
      agents ??= Promise.all([bed.agent('a'), bed.agent('b')]);
      const [a, b] = await agents;
      const loginsBefore = bed.broker.logins();
      const run = bed.run(scenario, 2, ['--set', `duration=${duration}`, '--out', out]);
      await run.waitFor('Running held');
      await bed.broker.untilLogins(loginsBefore + 100);
      await untilTimeline(out, 4);
      return { a, b, run };
    },
  };
}

/** Asks an agent to end; its exit code. */
export async function ended(agent: RunningCli, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  agent.child.kill(signal);
  return (await agent.ended).code;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
