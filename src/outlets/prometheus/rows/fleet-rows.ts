import type { TimelineLine } from '../../../results/timeline-line.ts';
import { US_PER_SEC } from '../../../time/units.ts';
import { byFleet, byFleetAnd, type Sample, type ValueRow } from '../metric-row.ts';

/** Sessions and attempts of each fleet. */
export const FLEET_ROWS: readonly ValueRow[] = [
  {
    kind: 'gauge',
    name: 'fleetstorm_planned_sessions',
    help: 'Sessions of the plan.',
    labels: ['fleet'],
    samples: byFleet(({ sessions }) => sessions),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_sessions',
    help: 'Sessions by what they are doing.',
    labels: ['fleet', 'state'],
    samples: ({ figures }) => intervalFleets(figures.lastInterval).flatMap(([fleet, now]) => sessionStates(fleet, now)),
  },
  {
    kind: 'counter',
    name: 'fleetstorm_first_attempts_planned_total',
    help: 'First attempts whose instant has passed.',
    labels: ['fleet'],
    samples: byFleet(({ attempts }) => attempts.firstPlanned),
  },
  {
    kind: 'counter',
    name: 'fleetstorm_attempts_planned_total',
    help: 'First attempts and retries whose instant has passed, started or not.',
    labels: ['fleet'],
    samples: byFleet(({ attempts }) => attempts.planned ?? 0),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_attempts_not_started',
    help: 'Attempts whose instant has passed and that have not been started.',
    labels: ['fleet'],
    samples: byFleet(({ attempts: { planned = 0, started } }) => Math.max(0, planned - started)),
  },
  {
    kind: 'counter',
    name: 'fleetstorm_attempts_started_total',
    help: 'Attempts to get online that were started.',
    labels: ['fleet'],
    samples: byFleet(({ attempts }) => attempts.started),
  },
  {
    kind: 'counter',
    name: 'fleetstorm_retries_started_total',
    help: 'Started attempts that were not first ones.',
    labels: ['fleet'],
    samples: byFleet(({ attempts }) => attempts.retries),
  },
  {
    kind: 'counter',
    name: 'fleetstorm_attempts_total',
    help: 'Attempts that have ended, by outcome.',
    labels: ['fleet', 'outcome'],
    samples: byFleetAnd('outcome', ({ outcomes }) => outcomes.map(({ outcome, count }) => [outcome, count])),
  },
  {
    kind: 'counter',
    name: 'fleetstorm_auth_replies_total',
    help: 'Replies to HTTPS logins, by code.',
    labels: ['fleet', 'code'],
    samples: byFleetAnd('code', ({ authCodes = {} }) => Object.entries(authCodes)),
  },
  {
    kind: 'counter',
    name: 'fleetstorm_sessions_ended_total',
    help: 'Sessions that were online and ended, by cause.',
    labels: ['fleet', 'cause'],
    samples: byFleetAnd('cause', ({ ended }) => Object.entries(ended)),
  },
  {
    kind: 'counter',
    name: 'fleetstorm_kicks_total',
    help: 'Sessions that a newer login of their device ended.',
    labels: ['fleet'],
    samples: byFleet(({ kicks }) => kicks?.kicks ?? 0),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_kick_loop_devices',
    help: 'Devices that were kicked twice or more.',
    labels: ['fleet'],
    samples: byFleet(({ kicks }) => kicks?.devicesInLoop ?? 0),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_slip_max_seconds',
    help: 'Largest lateness of an attempt started in the last second.',
    labels: ['fleet'],
    samples: ({ figures }) =>
      intervalFleets(figures.lastInterval).map(([fleet, { slipMaxUs }]) => [{ fleet }, slipMaxUs / US_PER_SEC]),
  },
];

function intervalFleets(line: TimelineLine | undefined): [string, TimelineLine['total']][] {
  return Object.entries(line?.fleets ?? {});
}

function sessionStates(fleet: string, { online, connecting, waiting }: TimelineLine['total']): Sample[] {
  return Object.entries({ online, connecting, waiting }).map(([state, count]) => [{ fleet, state }, count]);
}
