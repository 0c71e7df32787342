import { describe, expect, it } from 'vitest';
import { PAGE_STYLE } from '../../../../src/report/html/style.ts';
import { linear } from '../../../fixtures/colors.ts';

/** What WCAG 2.2 asks at level AA of texts (1.4.3) and of graphics and controls (1.4.11). */
const TEXT = 4.5;
const GRAPHIC = 3;
const THEMES = ['light', 'dark'] as const;

const TEXTS = [
  ...['text', 'muted', 'accent', 'good', 'bad', 'fair'].map((name) => [name, 'page'] as const),
  ...['text', 'muted', 'accent'].map((name) => [name, 'inset'] as const),
  ...['good', 'fair', 'bad'].flatMap((tone) => ['text', 'muted', tone].map((name) => [name, `${tone}-back`] as const)),
  // The number of a storm.
  ['page', 'marker'] as const,
];
const GRAPHICS = [
  ...Array.from({ length: 8 }, (_, index) => [`series-${index}`, 'page'] as const),
  ...['marker', 'edge', 'accent'].map((name) => [name, 'page'] as const),
];

function colorOf(name: string, theme: (typeof THEMES)[number]): string {
  const [, light = '', dark = ''] =
    new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(PAGE_STYLE) ?? [];
  return theme === 'light' ? light : dark;
}

/** Relative luminance as WCAG defines it. */
function luminance(hex: string): number {
  const [r, g, b] = linear(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(THEMES)('the %s style', (theme) => {
  it.each([
    ['texts', TEXTS, TEXT],
    ['lines and controls', GRAPHICS, GRAPHIC],
  ] as const)('has %s that stand out from their background', (_what, pairs, least) => {
    const tooFaint = pairs.flatMap(([name, back]) => {
      const found = contrast(colorOf(name, theme), colorOf(back, theme));
      return found >= least ? [] : [`${name} on ${back}: ${found.toFixed(2)}`];
    });
    expect(tooFaint).toEqual([]);
  });
});
