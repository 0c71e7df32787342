import { describe, expect, it } from 'vitest';
import { shareFaults } from '../../../src/shares/unsharable.ts';
import { smallScenario } from '../../fixtures/shares/loaded.ts';

describe('a scenario', () => {
  it('can be played apart if nothing in it needs to know the rest', async () => {
    const scenario = await smallScenario({
      events: [{ at: '1s', drop: { fraction: '50%', by: 'reset' } }],
      thresholds: ['accepted.count == 12'],
    });
    expect(shareFaults(scenario, { index: 12, of: 12 })).toEqual([]);
  });

  it('is refused with everything that cannot be played apart, all at once', async () => {
    const scenario = await smallScenario({
      target: { emulator: { profile: '2017' } },
      events: [
        { at: '1s', 'restart-target': { down: '1s' } },
        { after: { online: '100%' }, drop: { fraction: '50%', by: 'reset' } },
      ],
      thresholds: [{ condition: 'response.p99 < 1s', abort: true }],
    });
    expect(shareFaults(scenario, { index: 13, of: 13 })).toEqual([
      expect.stringMatching(/^the target is the embedded emulator, .*--set target.mqtt=mqtt:\/\/HOST:PORT$/),
      expect.stringMatching(/^the event ".*" commands the emulator, which each share would do$/),
      expect.stringMatching(
        /^the event ".*" happens once all 12 sessions are online, and .*give it an instant \(`at`\)$/,
      ),
      'the threshold response.p99 < 1s is to stop the run, and a share does not see the figures of the others: leave `abort` out',
      'share 13/13 would have nothing to play: the scenario has 12 sessions in all; take fewer shares',
    ]);
  });
});
