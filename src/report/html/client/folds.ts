/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Opens what is folded where a link leads to it, and on paper, where nothing can be unfolded. */
export function openFolds(): void {
  const follow = (): void => {
    const id = location.hash.slice(1);
    const fold = id === '' ? null : document.getElementById(id)?.querySelector<HTMLDetailsElement>('.fold');
    if (fold !== null && fold !== undefined) fold.open = true;
  };
  addEventListener('hashchange', follow);
  follow();
}

/** Opens the folds for printing; `false` closes those again that were closed before. */
export function unfoldForPaper(isPaper: boolean): void {
  for (const fold of document.querySelectorAll<HTMLDetailsElement>('.fold, .more')) {
    if (isPaper && !fold.open) {
      fold.open = true;
      fold.dataset['closed'] = '';
    } else if (!isPaper && fold.dataset['closed'] !== undefined) {
      fold.open = false;
      delete fold.dataset['closed'];
    }
  }
}
