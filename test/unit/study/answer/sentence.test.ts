import { describe, expect, it } from 'vitest';
import { answerSentence } from '../../../../src/study/answer/sentence.ts';
import { foundStudy } from '../../../fixtures/study/study-summary.ts';

const { lower, upper, firstFailure, ...rest } = foundStudy().answer;

describe('the answer in words', () => {
  it('says what holds, how sure that is, and what failed first', () => {
    expect(answerSentence({ ...rest, lower, upper, firstFailure }, 'rate', foundStudy().holds)).toBe(
      '673 logins/s: the goals held in 88 of 88 windows of 1 s, 1,346 sessions online (95%: at most 3.3% of windows would miss them). 703 logins/s did not hold (4 of 4 missed). First: refused-3, in mqtt.',
    );
  });

  it('says of a service nothing that only the generator showed', () => {
    const limited = upper && { ...upper, load: 100, isGenerator: true };
    const answer = { ...rest, ending: 'generator-limited', upper: limited } as const;
    expect(answerSentence(answer, 'rate', [])).toBe(
      'Nothing is known of the service. The generator was the limit at 100 logins/s: it could not make them in time.',
    );
    expect(answerSentence({ ...answer, lower }, 'rate', [])).toMatch(
      /^At least 673 logins\/s: .* The generator was the limit at 100 logins\/s: it could not make them in time\.$/,
    );
  });

  it('says what the generator ran out of, if that is known', () => {
    const [hold] = foundStudy().holds;
    const failures = [{ outcome: 'local-limit', phase: 'wait' as const, count: 12 }];
    const limited = upper && { ...upper, isGenerator: true };
    const holds = hold === undefined ? [] : [{ ...hold, load: 703, failures }];
    expect(answerSentence({ ...rest, ending: 'generator-limited', lower, upper: limited }, 'rate', holds)).toContain(
      'The generator was the limit at 703 logins/s: local ports or descriptors ran out.',
    );
  });

  it.each([
    [0.5, 'and less (3 of 35), so loads were judged by most of their windows.'],
    [0.1, 'and less (3 of 35): with `--exceed 50%`, loads are judged by most of their windows.'],
  ])('says that windows fail at random, where %d of the time may be bad', (exceed, words) => {
    const noise = { load: 350, badWindows: 3, windows: 35, exceed };
    expect(answerSentence({ ...rest, lower, upper, noise }, 'rate', [])).toContain(
      `Windows miss the goals at random even at 350 logins/s ${words}`,
    );
  });

  it('says that not even the least load holds', () => {
    expect(answerSentence({ ...rest, ending: 'below-range', upper, firstFailure }, 'sessions', [])).toBe(
      'Not even 703 sessions hold. First: refused-3, in mqtt.',
    );
  });
});
