/// <reference lib="dom" />
import { unfoldForPaper } from './folds.ts';

/** Redraws when the page's appearance changes: colours, width, or printing. */
export function followAppearance(draw: (isWhole: boolean) => void, resize: () => void): void {
  const root = document.documentElement;
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => draw(false));
  document.getElementById('theme')?.addEventListener('click', () => {
    root.dataset['theme'] = isDark() ? 'light' : 'dark';
    draw(false);
  });
  // Canvases keep their pixels: for printing they must be redrawn in ink colours and at the paper's width before layout.
  const setPaper = (isPaper: boolean): void => {
    if (root.classList.contains('paper') === isPaper) return;
    root.classList.toggle('paper', isPaper);
    unfoldForPaper(isPaper);
    draw(isPaper);
  };
  matchMedia('print').addEventListener('change', ({ matches }) => setPaper(matches));
  addEventListener('beforeprint', () => setPaper(true));
  addEventListener('afterprint', () => setPaper(false));
  new ResizeObserver(resize).observe(document.body);
}

function isDark(): boolean {
  const chosen = document.documentElement.dataset['theme'];
  return chosen === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
}
