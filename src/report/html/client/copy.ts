/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Buttons that copy a text; they say whether it worked. */
export function offerCopies(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
    button.addEventListener('click', () => {
      navigator.clipboard.writeText(button.dataset['copy'] ?? '').then(
        () => (button.textContent = 'Copied'),
        () => (button.textContent = 'Not allowed here: select it'),
      );
    });
  }
}
