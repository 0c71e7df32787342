import { describe, expect, it } from 'vitest';
import { judge, type VerdictInput } from '../../../../src/metrics/judge/judge.ts';
import type { OutcomeCount } from '../../../../src/results/summary/outcome-count.ts';

function outcome(name: string, count: number, detail?: string, words?: string): OutcomeCount {
  const details = detail === undefined ? [] : [{ detail, count }];
  return { outcome: name, ...(words === undefined ? {} : { name: words }), count, share: 1, details };
}

const FINE: VerdictInput = { outcomes: [], workers: [], crossChecks: [], lostSnapshots: [] };

describe('a run in which nobody was accepted', () => {
  it.each<[string, OutcomeCount[], string]>([
    [
      'a dead target',
      [outcome('tcp-refused', 50, 'ECONNREFUSED 127.0.0.1:1')],
      'none of 50 attempts got an answer: 50 tcp-refused (ECONNREFUSED 127.0.0.1:1): nothing listens there: start the service, or correct host and port',
    ],
    [
      'wrong secrets',
      [outcome('refused-4', 20, 'CONNACK 4: bad user name or password', 'bad user name or password')],
      'none of 20 attempts was accepted: 20 refused-4 (bad user name or password): the service does not accept these credentials: check `auth`, the secrets of the devices, and the clock of this machine',
    ],
    [
      'a web server',
      [outcome('protocol-error', 2, 'first byte 0x48 is not CONNACK (an "H": the port may speak HTTP)')],
      'none of 2 attempts was accepted: 2 protocol-error (first byte 0x48 is not CONNACK (an "H": the port may speak HTTP)): what answers is a web server: correct host and port',
    ],
    [
      'a silent TLS port',
      [outcome('tls-failed', 1, 'timeout: no TLS handshake from 127.0.0.1:8883 within 10s')],
      'the only attempt got no answer: 1 tls-failed (timeout: no TLS handshake from 127.0.0.1:8883 within 10s): nothing answers the TLS handshake: check the port, or write mqtt:// if it is one without TLS',
    ],
    [
      'an unknown CA',
      [outcome('tls-failed', 1, 'untrusted: DEPTH_ZERO_SELF_SIGNED_CERT h:8883')],
      'the only attempt was not accepted: 1 tls-failed (untrusted: DEPTH_ZERO_SELF_SIGNED_CERT h:8883): name the CA that signed the certificate of the service in `target.tls.ca`',
    ],
    [
      'an auth service that is not there, and more',
      [
        outcome('auth-tcp-refused', 9, 'ECONNREFUSED h:443'),
        outcome('refused-3', 3, undefined, 'server unavailable'),
        outcome('refused-5', 2, undefined, 'not authorized'),
        outcome('tcp-reset', 1),
      ],
      'none of 15 attempts was accepted: 9 auth-tcp-refused (ECONNREFUSED h:443), 3 refused-3 (server unavailable), 2 refused-5 (not authorized), and 1 other outcomes: nothing listens there: start the service, or correct host and port',
    ],
  ])('is told: %s', (_name, outcomes, reason) => {
    expect(judge({ ...FINE, outcomes })).toEqual({
      verdict: 'none-accepted',
      reasons: [reason],
      findings: [{ rule: 'none-accepted', verdict: 'none-accepted', reason }],
    });
  });

  it.each<[string, Partial<VerdictInput>]>([
    ['some were', { outcomes: [outcome('accepted', 1), outcome('refused-4', 99)] }],
    ['nothing was attempted', { outcomes: [] }],
    ['thresholds want it so', { outcomes: [outcome('refused-4', 20)], areFailuresWanted: true }],
  ])('is none when %s', (_name, input) => {
    expect(judge({ ...FINE, ...input })).toEqual({ verdict: 'valid', reasons: [] });
  });

  it('says nothing of the target when nothing left this machine', () => {
    expect(judge({ ...FINE, outcomes: [outcome('local-limit', 5, 'EMFILE h:1')] }).verdict).toBe('generator-limited');
  });
});
