import type { Scenario } from '../../scenario/scenario.ts';
import { EMULATOR_HOST } from '../machine/target-hosts.ts';

/**
 * Why agents that do not share this machine's loopback address cannot reach a run's emulator, and what to do; undefined if they may. It is
 * never opened to them without being asked for.
 */
export function unreachableEmulator({ target }: Pick<Scenario, 'target'>): string | undefined {
  if (target.kind !== 'emulator' || target.listen !== undefined) return undefined;
  return `the embedded emulator listens on ${EMULATOR_HOST} only, and agents on other machines cannot reach that. Give it an address that they reach, and with it everybody there: --set target.emulator.listen=ADDRESS, or aim at a real service.`;
}
