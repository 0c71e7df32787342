import { z } from 'zod';
import { count, microseconds, share, told } from '../count.ts';
import { MEASURES } from '../outcome.ts';

/** What the kernel of the machine counted during a run, for all programs on it. */
export const kernelSchema = z.strictObject({
  synRetransmissions: told(count, 'SYNs that were sent again (TcpExt TCPSynRetrans).', 12),
  retransmissions: told(count, 'TCP segments that were sent again, SYNs included (Tcp RetransSegs).', 15),
});
export type KernelCounts = z.infer<typeof kernelSchema>;

/** A step in the distribution of a latency that has a known cause. */
export const latencyHintSchema = z.strictObject({
  hint: told(z.enum(['syn-retransmission', 'delayed-ack']), 'Which rule found it.', 'syn-retransmission'),
  measure: told(z.enum(MEASURES), 'The latency that has the step.', 'tcp'),
  attempts: told(count, 'Attempts that have such a latency, whatever their outcome.', 5000),
  steps: told(
    z.array(
      z.strictObject({
        fromUs: told(microseconds, 'Where the step begins, in microseconds.', 980_000),
        untilUs: told(microseconds, 'Where it ends, in microseconds.', 1_250_000),
        count: told(count, 'Attempts in it.', 42),
        share: told(share, 'Share of all attempts that have such a latency.', 0.0084),
      }),
    ),
    'Where the values gather.',
  ),
  finding: told(
    z.string(),
    'What was seen and what it means, in words. Any text.',
    '52 of 82 TCP connects took about 1s or 3s: SYNs were sent again',
  ),
  advice: told(
    z.string(),
    'What to do about it, in words. Any text.',
    'raise the backlog of the service (net.core.somaxconn)',
  ),
});
export type LatencyHint = z.infer<typeof latencyHintSchema>;
