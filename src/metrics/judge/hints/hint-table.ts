import { percentileUs } from '../../../results/latency/histogram.ts';
import type { RunHistograms } from '../../../results/latency/run-histograms.ts';
import type { Measure } from '../../../results/outcome.ts';
import type { KernelCounts, LatencyHint } from '../../../results/summary/latency-hint.ts';
import { formatUs, US_PER_MS, US_PER_SEC } from '../../../time/units.ts';
import { type Step, type StepBound, valuesOf, type Window } from './steps.ts';

/** A step whose cause is known: what, where, from when on, and in which words. */
export interface HintRow {
  readonly hint: LatencyHint['hint'];
  /** Each is looked at by itself. */
  readonly measures: readonly Measure[];
  /** Whether a fleet is looked at. */
  readonly applies: (fleet: RunHistograms) => boolean;
  readonly windows: readonly Window[];
  readonly bound: StepBound;
  /** What was seen and what it means. `kernel`: undefined where the machine has no such counters. */
  readonly finding: (measure: Measure, steps: readonly Step[], kernel: KernelCounts | undefined) => string;
  readonly advice: string;
}

/**
 * Linux sends a SYN that gets no answer again after 1 s, 3 s and 7 s; since version 6.5 after each of the first four seconds
 * (`net.ipv4.tcp_syn_linear_timeouts`). The timer is never early by more than a tick, and the answer takes a round trip.
 */
const SYN_SENT_AGAIN_SEC = [1, 2, 3, 4, 7];
const TICK_US = 20 * US_PER_MS;
const ROUND_TRIP_US = 250 * US_PER_MS;

/** Linux delays an ACK by 40 ms at least, and answers come a little later. */
const DELAYED_ACK: Window = { fromUs: 38 * US_PER_MS, untilUs: 48 * US_PER_MS };
/** A longer way would itself shift the step, and a wait of 40 ms could be the way's own. */
const SHORT_WAY_US = 5 * US_PER_MS;

export const HINTS: readonly HintRow[] = [
  {
    hint: 'syn-retransmission',
    measures: ['tcp', 'auth-tcp'],
    applies: () => true,
    windows: SYN_SENT_AGAIN_SEC.map((sec) => {
      return { fromUs: sec * US_PER_SEC - TICK_US, untilUs: sec * US_PER_SEC + ROUND_TRIP_US };
    }),
    bound: { count: 10, share: 0.001, rise: 3 },
    finding: (measure, steps, kernel) =>
      `${measure}: ${stepWords(steps, ({ fromUs }) => `about ${formatUs(fromUs + TICK_US)}`)}, as a connect does whose SYN was lost and ` +
      `sent again. ${confirmation(steps, kernel)}`,
    advice:
      'Somebody drops connects: a listener whose queue is full (the backlog it asks for, and net.core.somaxconn above it; ' +
      '`nstat -az TcpExtListenDrops` there counts), a load balancer that limits new connections, or a firewall.',
  },
  {
    hint: 'delayed-ack',
    measures: ['mqtt'],
    applies: (fleet) => hasTls(fleet) && isNear(fleet),
    windows: [DELAYED_ACK],
    bound: { count: 10, share: 0.05, rise: 3 },
    finding: (measure, steps) =>
      `${measure}: ${stepWords(steps, ({ fromUs, untilUs }) => `${formatUs(fromUs)} to ${formatUs(untilUs)}`)} under TLS, though the ` +
      'network is much faster: as with a broker without TCP_NODELAY, whose CONNACK waits for an ACK that the client delays by 40 ms. ' +
      'Other MQTT clients wait as long.',
    advice: 'Switch TCP_NODELAY on at the broker (mosquitto: `set_tcp_nodelay true`).',
  },
];

/** `42 attempts (0.8%) took about 1s, 12 (0.2%) about 3s`. */
function stepWords(steps: readonly Step[], place: (step: Step) => string): string {
  return steps
    .map((step, index) => {
      const { count, share } = step;
      const counted = `${count.toLocaleString('en-US')}${index === 0 ? ' attempts' : ''} (${percent(share)})`;
      return `${counted}${index === 0 ? ' took' : ''} ${place(step)}`;
    })
    .join(', ');
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))}%`;
}

/** An attempt of the first step has lost one SYN at least, each later one more. */
function confirmation(steps: readonly Step[], kernel: KernelCounts | undefined): string {
  if (kernel === undefined) return 'This machine does not tell how many SYNs it sent again.';
  const { synRetransmissions: counted } = kernel;
  const slow = steps.reduce((sum, { count }) => sum + count, 0);
  const words = `its kernel counted ${counted.toLocaleString('en-US')} of them during the run`;
  return counted >= slow
    ? `The machine confirms it: ${words}.`
    : `The machine does not confirm it: ${words}, so something else, such as a proxy, lets connects wait.`;
}

function hasTls(fleet: RunHistograms): boolean {
  return valuesOf('tls', [fleet]).totalCount > 0;
}

/** The fastest tenth of the connects shows the way; the others show what else makes them wait. */
function isNear(fleet: RunHistograms): boolean {
  return (percentileUs(valuesOf('tcp', [fleet]), 10) ?? Number.POSITIVE_INFINITY) < SHORT_WAY_US;
}
