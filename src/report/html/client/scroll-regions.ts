/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Only what is cut can be scrolled, so only that is a stop for the keyboard. */
export function markScrollRegions(): void {
  for (const region of document.querySelectorAll<HTMLElement>('.scroll, pre')) {
    const isCut = region.scrollWidth > region.clientWidth + 1 || region.scrollHeight > region.clientHeight + 1;
    if (isCut) region.tabIndex = 0;
    else region.removeAttribute('tabindex');
  }
}
