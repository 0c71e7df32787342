import { Writable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { ATTEMPT_NUMBERS, type AttemptBatch } from '../../../../src/fleet/attempts/attempt-batch.ts';
import { AttemptsFile, MAX_WAITING_BYTES } from '../../../../src/outlets/attempts/attempts-file.ts';

const ROW = [1, 7, 1, 2, 1, 0, 1_000.04, 1_500.06, 9_000, -1, -1, -1, -1, -1, 0, 10.25, -1, 20];

function batch(rows: number, lost = 0, device = 'm-7'): AttemptBatch {
  const numbers = new Float64Array(rows * ATTEMPT_NUMBERS.length);
  for (let row = 0; row < rows; row++) numbers.set(ROW, row * ROW.length);
  return { rows, numbers, devices: Array.from({ length: rows }, () => device), outcomes: ['refused-4'], lost };
}

/** A file that keeps what it takes, and takes only while it may. */
class PlayedFile extends Writable {
  text = '';
  isStuck = false;

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    if (this.isStuck) return;
    this.text += chunk.toString();
    done();
  }
}

function opened(addresses: readonly string[] = [], hasAgents = false) {
  const stream = new PlayedFile();
  const file = new AttemptsFile('a.csv', stream, { fleets: ['meters', 'gate, ways'], addresses, hasAgents });
  file.started({ beginsAt: new Date('2026-01-02T03:04:05.000Z') });
  return { stream, file };
}

const waiting = new Error('no space left on device');

describe('AttemptsFile', () => {
  it('writes rows that a CSV reader reads', async () => {
    const { stream, file } = opened();
    file.attempts(batch(1, 0, 'a "b", c'));
    await file.ended();
    expect(parse(stream.text, { columns: true })).toEqual([
      {
        fleet: 'gate, ways',
        device: 'a "b", c',
        device_index: '7',
        copy: '1',
        attempt: '2',
        started_at: '2026-01-02T03:04:05.001Z',
        planned_us: '1000',
        started_us: '1500.1',
        ended_us: '9000',
        outcome: 'refused-4',
        auth_us: '',
        auth_dns_us: '',
        auth_tcp_us: '',
        auth_tls_us: '',
        auth_http_us: '',
        dns_us: '0',
        tcp_us: '10.3',
        tls_us: '',
        mqtt_us: '20',
      },
    ]);
    expect(file.faults).toEqual([]);
  });

  it('names the address and the agent where there are several', async () => {
    const { stream, file } = opened(['a:1883', 'b:1883'], true);
    file.attempts(batch(1), 'agent, first');
    await file.ended();
    const [row = {}] = parse<Record<string, string>>(stream.text, { columns: true });
    expect([row['address'], row['agent']]).toEqual(['b:1883', 'agent, first']);
  });

  it('lets rows go when the file takes nothing, and tells how many', async () => {
    const { stream, file } = opened();
    file.attempts(batch(3));
    stream.isStuck = true;
    let adds = 0;
    do {
      file.attempts(batch(1_000));
      adds++;
    } while (stream.writableLength <= MAX_WAITING_BYTES);
    const heldBytes = stream.writableLength;
    file.attempts(batch(500, 7));
    expect(stream.writableLength).toBe(heldBytes);
    await file.ended(1);
    const lost = adds * 1_000 + 507;
    expect(file.faults).toEqual([
      `a.csv lacks ${lost.toLocaleString('en-US')} of ${(lost + 3).toLocaleString('en-US')} attempts: they could not be written in time`,
    ]);
  });

  it('counts what workers let go', async () => {
    const { file } = opened();
    file.attempts(batch(2, 5));
    file.attempts(batch(0, 4));
    await file.ended();
    expect(file.faults).toEqual(['a.csv lacks 9 of 11 attempts: they could not be written in time']);
    expect(file.isBroken).toBe(false);
  });

  it('goes on without a file that fails, and tells why', async () => {
    const { stream, file } = opened();
    file.attempts(batch(2));
    stream.destroy(waiting);
    await new Promise((resolve) => stream.once('close', resolve));
    file.attempts(batch(3));
    await file.ended();
    expect(file.faults).toEqual(['a.csv lacks 3 of 5 attempts: no space left on device']);
    expect(file.isBroken).toBe(true);
  });
});
