import { ATTEMPT_NUMBERS, type AttemptBatch } from '../../fleet/attempts/attempt-batch.ts';
import type { Outcome } from '../../results/outcome.ts';
import type { HeldAttempt } from '../windows/window.ts';

const WIDTH = ATTEMPT_NUMBERS.length;
const at = (name: (typeof ATTEMPT_NUMBERS)[number]): number => ATTEMPT_NUMBERS.indexOf(name);
const [FLEET, ATTEMPT, OUTCOME] = [at('fleet'), at('attempt'), at('outcome')];
const [PLANNED, STARTED, ENDED] = [at('plannedUs'), at('startedUs'), at('endedUs')];
const [AUTH, DNS, TCP, TLS, MQTT] = [at('authUs'), at('dnsUs'), at('tcpUs'), at('tlsUs'), at('mqttUs')];

/** The first attempts of a batch. A hold plans no others; what a lost session does is not its load. */
export function* heldAttempts({ rows, numbers, outcomes }: AttemptBatch): Generator<HeldAttempt, void, void> {
  for (let row = 0; row < rows; row++) {
    const number = (column: number): number => numbers[row * WIDTH + column] ?? -1;
    if (number(ATTEMPT) !== 1) continue;
    yield {
      fleet: number(FLEET),
      outcome: (outcomes[number(OUTCOME)] ?? 'protocol-error') as Outcome,
      plannedUs: number(PLANNED),
      startedUs: number(STARTED),
      endedUs: number(ENDED),
      phases: { auth: number(AUTH), dns: number(DNS), tcp: number(TCP), tls: number(TLS), mqtt: number(MQTT) },
    };
  }
}
