/// <reference lib="dom" />

/** Draws again when the page looks different: other colours, another width, paper. */
export function followAppearance(draw: () => void, resize: () => void): void {
  const root = document.documentElement;
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  document.getElementById('theme')?.addEventListener('click', () => {
    root.dataset['theme'] = isDark() ? 'light' : 'dark';
    draw();
  });
  // Canvases keep the pixels they have: paper needs them in ink colours and as wide as it is, before it is laid out.
  const setPaper = (isPaper: boolean): void => {
    if (root.classList.contains('paper') === isPaper) return;
    root.classList.toggle('paper', isPaper);
    draw();
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
