import { describe, expect, it } from 'vitest';
import { settingDifferences } from '../../../../src/report/compare/setting-differences.ts';

function scenario(reconnect: object, more: object = {}): object {
  return { seed: 1, fleets: [{ name: 'meters', reconnect }], events: [{ at: '3s' }], ...more };
}

describe('settingDifferences', () => {
  it('names what differs by its path, with both values', () => {
    const [a, b] = [
      scenario({ base: '1s', jitter: 'full' }),
      scenario({ base: '10s', cap: '10s' }, { events: [{ at: '5s' }] }),
    ];
    expect(settingDifferences(a, b)).toEqual([
      'fleets.meters.reconnect.base 1s to 10s',
      'fleets.meters.reconnect.jitter full to none',
      'events.0.at 3s to 5s',
      'fleets.meters.reconnect.cap none to 10s',
    ]);
  });

  it('is empty for equal scenarios, and counts what is too much to name', () => {
    expect(settingDifferences(scenario({ base: '1s' }), scenario({ base: '1s' }))).toEqual([]);
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`k${at}`, at]));
    expect(settingDifferences({}, many).slice(-1)).toEqual(['3 more']);
  });
});
