import { describe, expect, it } from 'vitest';
import { PAGE_STYLE } from '../../../../src/report/html/style.ts';
import { linear, type Rgb } from '../../../fixtures/colors.ts';

/** Severe colour-vision deficiencies, on linear light (Machado, Oliveira and Fernandes 2009, severity 1.0). */
const EYES: Readonly<Record<string, readonly (readonly number[])[]>> = {
  'all colours': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const THEMES = ['light', 'dark'] as const;

/** Series colours of a theme, linear. */
function paletteOf(theme: (typeof THEMES)[number]): Rgb[] {
  const found = [...PAGE_STYLE.matchAll(/--series-\d: light-dark\((#\w{6}), (#\w{6})\)/g)];
  return found.map(([, light = '', dark = '']) => linear(theme === 'light' ? light : dark));
}

function seen(color: Rgb, eyes: readonly (readonly number[])[]): Rgb {
  const [r, g, b] = eyes.map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        row.reduce((sum, part, at) => sum + part * (color[at] ?? 0), 0),
      ),
    ),
  );
  return [r ?? 0, g ?? 0, b ?? 0];
}

/** CIE L*a*b*, white D65. */
function lab([r, g, b]: Rgb): Rgb {
  const root = (value: number): number => (value > 216 / 24_389 ? Math.cbrt(value) : (841 / 108) * value + 4 / 29);
  const x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = root(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function distance(one: Rgb, other: Rgb): number {
  const [a, b] = [lab(one), lab(other)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

describe.each(THEMES)('the %s palette', (theme) => {
  it.each(Object.keys(EYES))('is told apart by eyes with %s', (name) => {
    const palette = paletteOf(theme).map((color) => seen(color, EYES[name] ?? []));
    expect(palette).toHaveLength(8);
    const tooNear = palette.flatMap((one, at) =>
      palette.flatMap((other, to) => {
        const apart = Math.round(distance(one, other));
        return to > at && apart < 12 ? [`${at} and ${to}: ${apart}`] : [];
      }),
    );
    expect(tooNear).toEqual([]);
  });
});
