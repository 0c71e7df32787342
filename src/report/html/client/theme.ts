/// <reference lib="dom" />

/** The chart colours in the page's current style. */
export interface Theme {
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly background: string;
  readonly marker: string;
  readonly series: readonly string[];
  /** From few to many. */
  readonly heat: readonly string[];
}

const SERIES = 8;
const HEAT_STEPS = 6;

/** Reads the custom properties of the style; `light-dark()` is resolved by asking for the colour of a real element. */
export function currentTheme(): Theme {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const color = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const theme = {
    text: color('text'),
    muted: color('muted'),
    grid: color('grid'),
    background: color('page'),
    marker: color('marker'),
    series: Array.from({ length: SERIES }, (_, index) => color(`series-${index}`)),
    heat: Array.from({ length: HEAT_STEPS }, (_, index) => color(`heat-${index}`)),
  };
  probe.remove();
  return theme;
}

/** The same colour, translucent: `rgb(1, 2, 3)` as `rgba(1, 2, 3, 0.2)`. */
export function translucent(color: string, alpha: number): string {
  return color.replace(/^rgb\((.*)\)$/, `rgba($1, ${alpha})`);
}
