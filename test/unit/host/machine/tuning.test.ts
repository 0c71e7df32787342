import { expect, it } from 'vitest';
import { isTunedIn } from '../../../../src/host/machine/tuning.ts';

it('is on unless the environment says off', () => {
  expect([{}, { FLEETSTORM_TUNING: 'on' }, { FLEETSTORM_TUNING: '' }].map(isTunedIn)).toEqual([true, true, true]);
  expect(isTunedIn({ FLEETSTORM_TUNING: 'off' })).toBe(false);
});
