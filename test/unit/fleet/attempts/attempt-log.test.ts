import { describe, expect, it } from 'vitest';
import type { AttemptBatch } from '../../../../src/fleet/attempts/attempt-batch.ts';
import { AttemptLog, BATCH_ROWS, MAX_AHEAD } from '../../../../src/fleet/attempts/attempt-log.ts';
import { attemptRecord, loginPhases } from '../../../fixtures/attempts.ts';

const PHASES = { dnsUs: -1, tcpUs: 10, tlsUs: -1, mqttUs: 20.5 };
const SECOND = { index: 7, position: 107, attempts: 2, address: 1, plannedUs: 100 };
const REFUSED = attemptRecord({ ...PHASES, outcome: 'refused-4', startedUs: 110, endedUs: 200 });
const NAMES = { nameAt: (index: number) => `meters-${index}`, copyAt: (position: number) => (position < 100 ? 0 : 1) };

function started() {
  const batches: AttemptBatch[] = [];
  const log = new AttemptLog((batch) => batches.push(batch));
  const sink = log.sink(3, NAMES);
  const add = (times: number): void => {
    for (let count = 0; count < times; count++) {
      sink.add(SECOND, REFUSED);
    }
  };
  return { batches, log, sink, add };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);

describe('AttemptLog', () => {
  it('hands on rows of numbers, and the texts they stand for', () => {
    const { batches, log, sink } = started();
    sink.add(SECOND, REFUSED);
    const auth = loginPhases({ authUs: 5, authDnsUs: 1, authHttpUs: 4 });
    sink.add(
      { index: 8, position: 8, attempts: 1, address: 0, plannedUs: 1 },
      attemptRecord({ ...PHASES, startedUs: 2, endedUs: 3, auth }),
    );
    log.flush();
    const [batch] = batches;
    expect(batch).toMatchObject({
      rows: 2,
      lost: 0,
      devices: ['meters-7', 'meters-8'],
      outcomes: ['refused-4', 'accepted'],
    });
    expect([...(batch?.numbers.subarray(0, 36) ?? [])]).toEqual([
      ...[3, 7, 1, 2, 1, 0, 100, 110, 200, -1, -1, -1, -1, -1, -1, 10, -1, 20.5],
      ...[3, 8, 0, 1, 0, 1, 1, 2, 3, 5, 1, -1, -1, 4, -1, 10, -1, 20.5],
    ]);
  });

  it('hands on full batches by itself, each with memory of its own, and nothing when there is nothing', () => {
    const { batches, log, add } = started();
    add(2 * BATCH_ROWS + 1);
    expect(batches.map(({ rows }) => rows)).toEqual([BATCH_ROWS, BATCH_ROWS]);
    expect(batches[0]?.numbers.buffer).not.toBe(batches[1]?.numbers.buffer);
    log.flush();
    log.flush();
    log.close();
    expect(batches.map(({ rows }) => rows)).toEqual([BATCH_ROWS, BATCH_ROWS, 1]);
  });

  it('lets rows go while too many are on their way, and counts every one', () => {
    const { batches, log, add } = started();
    add(MAX_AHEAD * BATCH_ROWS);
    expect(batches).toHaveLength(MAX_AHEAD);
    add(3 * BATCH_ROWS + 5);
    log.flush();
    expect(batches).toHaveLength(MAX_AHEAD);
    log.taken();
    add(BATCH_ROWS);
    expect(batches.at(-1)).toMatchObject({ rows: BATCH_ROWS, lost: 3 * BATCH_ROWS + 5 });
    add(4);
    log.close();
    expect(batches.at(-1)).toMatchObject({ rows: 0, lost: 4 });
    expect(sum(batches.map(({ rows, lost }) => rows + lost))).toBe((MAX_AHEAD + 4) * BATCH_ROWS + 9);
  });
});
