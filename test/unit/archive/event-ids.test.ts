import { describe, expect, it } from 'vitest';
import { withEventIds } from '../../../src/archive/event-ids.ts';
import { markersOf } from '../../../src/report/html/data/markers.ts';
import { summarySchema } from '../../../src/results/summary/summary.ts';
import { stormSummary } from '../../fixtures/reports/storm-run.ts';

const storm = stormSummary();
const [disturbance] = storm.disturbances ?? [];
if (disturbance === undefined) throw new Error('a storm has a disturbance');
const { event: _event, ...unnumbered } = disturbance;
const { kind, label, startSec } = disturbance;
const refusal = { kind: 'refuse', label: 'refuse all logins', startSec: startSec + 1 };
const old = { ...storm, events: [refusal, { kind, label, startSec }], disturbances: [unnumbered] };

describe('a summary from before events had ids', () => {
  it('gets the ids that tie its disturbances to their events', () => {
    const read = withEventIds(old);
    expect(read.events).toEqual([refusal, { id: 1, kind, label, startSec }]);
    expect(read.disturbances).toEqual([{ ...unnumbered, event: 1 }]);
    expect(summarySchema.safeParse(read).success).toBe(true);
  });

  it('has one marker for what its event did', () => {
    expect(markersOf(withEventIds(old)).map((marker) => [marker.tag, marker.label])).toEqual([
      ['1', label],
      ['a', 'refuse all logins'],
    ]);
  });

  it('is left alone when its events bear ids', () => {
    const newer = { ...old, events: [{ id: 0, ...refusal }] };
    expect(withEventIds(newer)).toBe(newer);
  });
});
