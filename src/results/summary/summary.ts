import { z } from 'zod';
import { addressFiguresSchema } from '../address-figures.ts';
import { count, seconds, told } from '../count.ts';
import { MAX_NEVER_ONLINE } from '../never-online-limit.ts';
import { shareSchema } from '../share-result.ts';
import { crossCheckSchema } from './cross-check.ts';
import { disturbanceSchema } from './disturbance.ts';
import { fleetSummarySchema } from './fleet-summary.ts';
import { generatorSchema } from './generator-figures.ts';
import { hostResultSchema, machineSchema } from './host-result.ts';
import { kernelSchema, latencyHintSchema } from './latency-hint.ts';
import { neverOnlineSchema } from './never-online.ts';
import { runEventSchema } from './run-event.ts';
import { verdictSchema } from './run-verdict.ts';
import { thresholdResultSchema } from './threshold-result.ts';
import { workerResultSchema } from './worker-result.ts';

/** Version of the layout of `summary.json`. */
export const SUMMARY_SCHEMA_VERSION = 1;

/** `summary.json`: what a run writes and what reports read. Its published JSON Schema is made from this definition. */
export const summarySchema = z
  .strictObject({
    schemaVersion: told(z.literal(SUMMARY_SCHEMA_VERSION), 'Version of the layout of this file.'),
    tool: told(
      z.strictObject({
        name: told(z.literal('fleetstorm'), 'Always fleetstorm.'),
        version: told(z.string(), 'Version of the program.', '0.1.0'),
      }),
      'What wrote this file.',
    ),
    scenario: told(
      z.strictObject({
        name: told(z.string(), 'Name of the scenario.', 'quickstart'),
        seed: told(z.number().min(0), 'What every random choice followed from.', 42),
        target: told(z.string(), 'The service under load, in words.', 'emulator (profile 2017)'),
        spread: told(
          z.string().optional(),
          'How devices are spread over the addresses of the service, if it has several: by-device, in-turn or next-on-failure.',
          'by-device',
        ),
        sha256: told(
          z.string(),
          'SHA-256 of scenario.yaml of the result folder, in hexadecimal: the same for runs of the same plan.',
          'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        ),
        given: told(
          z
            .strictObject({
              file: told(z.string(), 'The scenario file, as it was named.', 'storm.yaml'),
              options: told(
                z.array(z.string()),
                'Options that the same scenario needs elsewhere: --set, without values that may be secrets, and --allow-remote.',
                ['--set', 'fleets.meters.devices=500'],
              ),
            })
            .optional(),
          'How the scenario was named on the command line; absent for runs of a program, and in files of earlier versions.',
        ),
      }),
      'What was run.',
    ),
    share: told(
      shareSchema.optional(),
      'Present if this is one of several shares of a run that were played apart. It holds only what this share did, and thresholds are judged once the shares are merged.',
    ),
    machine: told(
      machineSchema,
      'Where it ran; of several machines, what they have in common, or else every variant, and the sum of their cores and memory.',
    ),
    startedAt: told(z.iso.datetime(), 'When the run began, in UTC.', '2026-11-26T23:25:26.000Z'),
    finishedAt: told(z.iso.datetime(), 'When it ended, in UTC.', '2026-11-26T23:25:42.000Z'),
    plannedDurationSec: told(seconds, 'Duration of the scenario, in seconds.', 15),
    elapsedSec: told(seconds, 'How long the run lasted, in seconds.', 15.2),
    interrupted: told(z.boolean(), 'Whether it was stopped before its end.', false),
    verdict: told(verdictSchema, 'Whether the measurements are reliable.'),
    exitCode: told(
      count,
      'Exit code of the program: 0 passed, 4 no login was accepted, 97 generator-limited, 98 degraded, 99 a threshold failed, 130 interrupted.',
      0,
    ),
    thresholds: told(z.array(thresholdResultSchema), 'Results of the thresholds, in the order of the scenario.'),
    total: told(fleetSummarySchema, 'All fleets together.'),
    fleets: told(z.array(fleetSummarySchema), 'Each fleet, in the order of the scenario.'),
    addresses: told(
      z.array(addressFiguresSchema).optional(),
      'Each address of the service, in the order of the scenario, if it has several.',
    ),
    neverOnline: told(
      z.array(neverOnlineSchema).max(MAX_NEVER_ONLINE).optional(),
      'Devices that were tried and never online: the first 100 by fleet and place in it, without those of lost workers. How many there are in all is the difference of two counts of devices: started and online. Absent if not known, as of a run that was killed.',
    ),
    kernel: told(
      kernelSchema.optional(),
      'What the kernel of the machine counted during the run, for all programs on it; absent where it does not tell (only Linux does), and in files of earlier versions.',
    ),
    hints: told(
      z.array(latencyHintSchema).optional(),
      'Steps in latencies whose cause is known; absent in files of earlier versions.',
    ),
    events: told(z.array(runEventSchema).optional(), 'What the scenario did, in chronological order.'),
    disturbances: told(
      z.array(disturbanceSchema).optional(),
      'Instants at which sessions were lost together, in chronological order.',
    ),
    crossChecks: told(
      z.array(crossCheckSchema),
      "The tool's counts beside the emulator's own; empty for a real service.",
    ),
    generator: told(generatorSchema.optional(), 'How well the tool itself kept up.'),
    hosts: told(
      z.array(hostResultSchema).optional(),
      'Where the workers were, if that was in several places: agents, or shares that were played apart.',
    ),
    workers: told(z.array(workerResultSchema), 'How each worker ended and how well it performed.'),
    warnings: told(z.array(z.string()), 'What a reader should know besides, in words.', []),
  })
  .meta({ title: 'Fleetstorm run summary', description: 'What one run measured: summary.json of its result folder.' });
export type Summary = z.infer<typeof summarySchema>;
