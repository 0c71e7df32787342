import { describe, expect, it } from 'vitest';
import { answerSentence } from '../../../../src/study/answer/sentence.ts';
import { foundStudy } from '../../../fixtures/study/study-summary.ts';

const { lower, upper, firstFailure, ...rest } = foundStudy().answer;

describe('the answer in words', () => {
  it('says what holds, how sure that is, and what failed first', () => {
    expect(answerSentence({ ...rest, lower, upper, firstFailure }, 'rate', foundStudy().holds)).toBe(
      '673 logins/s: the goals held in 88 of 88 windows of 1 s, 1,346 sessions online (95 %: at most 3.3 % of windows would miss them). 703 logins/s did not hold (4 of 4 missed). First: refused-3, in mqtt.',
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

  it('says that not even the least load holds', () => {
    expect(answerSentence({ ...rest, ending: 'below-range', upper, firstFailure }, 'sessions', [])).toBe(
      'Not even 703 sessions hold. First: refused-3, in mqtt.',
    );
  });
});
