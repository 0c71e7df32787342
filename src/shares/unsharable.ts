import { type Part, partWords } from '../plan/split.ts';
import { eventTimeWords } from '../scenario/event.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { sessionCount } from '../scenario/session-count.ts';
import { counted } from '../text/counts.ts';

/** Why a scenario cannot be played as a share, apart from the rest of its run, one sentence each; empty if it can. */
export function shareFaults(scenario: Scenario, part: Part): string[] {
  const faults = [...targetFaults(scenario), ...eventFaults(scenario), ...thresholdFaults(scenario)];
  if (sessionCount(scenario, part) > 0) return faults;
  const all = counted(sessionCount(scenario), 'session');
  return [
    ...faults,
    `share ${partWords(part)} would have nothing to play: the scenario has ${all} in all; take fewer shares`,
  ];
}

function targetFaults({ target }: Scenario): string[] {
  if (target.kind !== 'emulator') return [];
  return [
    'the target is the embedded emulator, and each share would have one of its own: start one with `fleetstorm emulator`, and aim all shares at it with --set target.mqtt=mqtt://HOST:PORT',
  ];
}

function eventFaults({ events }: Scenario): string[] {
  return events.flatMap((event) => {
    if (event.after !== undefined) {
      return [
        `the event "${event.label}" happens ${eventTimeWords(event)}, and a share does not see the sessions of the others: give it an instant (\`at\`)`,
      ];
    }
    return event.kind === 'drop' ? [] : [`the event "${event.label}" commands the emulator, which each share would do`];
  });
}

function thresholdFaults({ thresholds }: Scenario): string[] {
  return thresholds.flatMap(({ source, abort }) =>
    abort === undefined
      ? []
      : [
          `the threshold ${source} is to stop the run, and a share does not see the figures of the others: leave \`abort\` out`,
        ],
  );
}
