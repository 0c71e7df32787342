import { z } from 'zod';
import { DROP_WAYS } from '../../../plan/timetable.ts';
import { US_PER_SEC } from '../../../time/units.ts';
import { duration, line, portion, rate, ratio, whole } from '../values.ts';

/** What an event may do, as written in the file. */

const lasts = duration()
  .optional()
  .meta({ description: 'How long it lasts. Left out: until the end of the run.', examples: ['10s'] });
const fraction = ratio()
  .optional()
  .meta({
    description: 'Share of the logins that it affects, in exact numbers. Left out: all.',
    examples: ['20%'],
  });
const wait = duration({ minUs: 0, maxUs: 3_600 * US_PER_SEC, examples: ['200ms', '1.5s'] });
const told = (description: string) => wait.meta({ description });

/** The fleet that something is about. */
export const fleet = line(48, 'the name of a fleet')
  .optional()
  .meta({ description: 'Only devices of this fleet. Left out: of all fleets.', examples: ['meters'] });

export const drop = z
  .strictObject(
    {
      fleet,
      fraction: portion()
        .prefault('100%')
        .meta({ description: 'Sessions that are lost, of those online.', examples: ['50%', 100] }),
      by: z
        .literal(DROP_WAYS, { error: `one of ${DROP_WAYS.join(', ')}` })
        .default('reset')
        .meta({
          description:
            'How sessions are lost. reset: by RST; fin: closed without DISCONNECT; blackhole: the socket stays open, nothing is read or sent, as behind a dead router; silence: pings stop, and the service must notice.',
          examples: ['blackhole'],
        }),
    },
    { error: 'sessions, such as { fleet: meters, fraction: 50%, by: reset }' },
  )
  .meta({
    description: 'Sessions are lost on the side of the devices; works on any target. {}: all of them, by reset.',
    examples: [{ fleet: 'meters', fraction: '50%', by: 'reset' }, {}],
  });

export const restart = z
  .strictObject(
    { down: duration({ examples: ['5s'] }).meta({ description: 'How long its ports are closed.' }) },
    { error: '{ down: 5s }' },
  )
  .meta({
    description: 'The emulator restarts: all connections are reset, new ones are refused while it is down.',
    examples: [{ down: '5s' }],
  });

const connackCode = whole(1, 5, 'a CONNACK code of 1 to 5');

export const refuse = z
  .strictObject(
    {
      code: connackCode.meta({ description: 'CONNACK code of the refusals; 3: server unavailable.', examples: [3] }),
      for: lasts,
      fraction,
      fleet,
    },
    { error: '{ code: 3, for: 10s }' },
  )
  .meta({
    description: 'The emulator refuses logins that it would accept.',
    examples: [
      { code: 3, for: '10s' },
      { code: 5, fraction: '20%', fleet: 'meters' },
    ],
  });

const collapse = z
  .strictObject(
    {
      wait: wait.meta({ description: 'Once a login has waited in line for longer than this.', examples: ['1s'] }),
      rate: rate().meta({ description: 'Logins admitted per second from then on.', examples: ['50/s'] }),
    },
    { error: '{ wait: 1s, rate: 50/s }' },
  )
  .meta({
    description:
      'A metastable failure: an overload lowers the rate for good, until the limit ends, and less load does not bring it back. Only with wait. Left out: the rate stays.',
    examples: [{ wait: '1s', rate: '50/s' }],
  });

export const limit = z
  .strictObject(
    {
      rate: rate().meta({ description: 'Logins admitted per second.' }),
      burst: whole(1, 1_000_000)
        .optional()
        .meta({
          description: 'Most admissions that can be saved up, and those at hand at first. Left out: those of a second.',
          examples: [500],
        }),
      refuse: connackCode.optional().meta({
        description: 'CONNACK code of logins above the rate. Left out: 3. Not with wait.',
        examples: [3],
      }),
      wait: z.literal(true, { error: 'true' }).optional().meta({
        description: 'Logins above the rate wait in line instead of being refused. Left out: they are refused.',
      }),
      collapse: collapse.optional(),
      for: lasts,
      fleet,
    },
    { error: '{ rate: 500/s, burst: 500, refuse: 3 }' },
  )
  .refine((input) => input.refuse === undefined || input.wait === undefined, { error: 'refuse or wait, not both' })
  .refine((input) => input.collapse === undefined || input.wait === true, { error: 'collapse only with wait: true' })
  .meta({
    not: { required: ['refuse', 'wait'] },
    dependentRequired: { collapse: ['wait'] },
    description: 'The emulator admits this many logins per second, and refuses the others or lets them wait.',
    examples: [
      { rate: '500/s', burst: 500, refuse: 3 },
      { rate: '200/s', wait: true, for: '30s' },
      { rate: '200/s', wait: true, collapse: { wait: '1s', rate: '50/s' } },
    ],
  });

const normal = z.strictObject({
  mean: told('Mean delay.'),
  sd: told('Standard deviation; delays below 0 are 0.'),
});
const lognormal = z.strictObject({
  median: told('Median delay: half of the logins wait longer.'),
  sigma: z
    .number()
    .min(0)
    .max(10)
    .meta({
      description: 'Standard deviation of the logarithm: p99 is about median x exp(2.33 x sigma).',
      examples: [0.5],
    }),
});
const exponential = z.strictObject({ mean: told('Mean delay.') });

export const delay = z
  .union(
    [
      z.strictObject({ fixed: told('Delay of every CONNACK.'), for: lasts }),
      z.strictObject({
        uniform: z.tuple([wait, wait], { error: '[10ms, 100ms]' }).meta({
          description: 'Shortest and longest delay; evenly spread between them.',
          examples: [['10ms', '100ms']],
          limits: 'Each from 0s to 1h.',
        }),
        for: lasts,
      }),
      z.strictObject({
        normal: normal.meta({
          description: 'Normally distributed delays.',
          examples: [{ mean: '200ms', sd: '50ms' }],
        }),
        for: lasts,
      }),
      z.strictObject({
        lognormal: lognormal.meta({
          description: 'Log-normally distributed delays: a long tail, as services under load have.',
          examples: [{ median: '200ms', sigma: 0.5 }],
        }),
        for: lasts,
      }),
      z.strictObject({
        exponential: exponential.meta({
          description: 'Exponentially distributed delays.',
          examples: [{ mean: '200ms' }],
        }),
        for: lasts,
      }),
    ],
    {
      error:
        'one of { fixed: 200ms }, { uniform: [10ms, 100ms] }, { normal: { mean, sd } }, { lognormal: { median, sigma } }, { exponential: { mean } }',
    },
  )
  .meta({
    description:
      'The emulator delays every CONNACK by a time drawn per login: fixed, uniform, normal, lognormal or exponential.',
    examples: [{ fixed: '200ms', for: '10s' }, { lognormal: { median: '200ms', sigma: 0.5 } }],
  });

export const stallAuth = z.strictObject({ for: lasts }, { error: '{ for: 10s }' }).meta({
  description: 'The auth service accepts HTTPS logins and gives no answer until the end. {}: until the end of the run.',
  examples: [{ for: '10s' }],
});

export const failAuth = z
  .strictObject(
    {
      code: whole(201, 99_999)
        .optional()
        .meta({
          description: 'Code in the body of the reply, which has HTTP status 200. Left out: 500. Not with httpStatus.',
          examples: [500],
        }),
      httpStatus: whole(400, 599)
        .optional()
        .meta({
          description:
            'HTTP status of an empty reply, as of a broken proxy. Left out: a reply with code. Not with code.',
          examples: [503],
        }),
      for: lasts,
      fraction,
      fleet,
    },
    { error: '{ code: 500, for: 10s }' },
  )
  .refine((input) => input.code === undefined || input.httpStatus === undefined, {
    error: 'code or httpStatus, not both',
  })
  .meta({
    not: { required: ['code', 'httpStatus'] },
    description: 'The auth service fails HTTPS logins, by a code in the reply or by an HTTP status.',
    examples: [
      { code: 500, for: '10s' },
      { httpStatus: 503, fraction: '50%' },
    ],
  });

export const expireTokens = z.strictObject({}, { error: '{}' }).meta({
  description: 'All tokens issued so far expire at once; sessions that ask for new ones only late are refused.',
  examples: [{}],
});
