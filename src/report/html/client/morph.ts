/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Updates an element to this content, leaving unchanged nodes and charts alone, so that pixels, zoom and open tables are kept. The content
 * comes from the same escaping renderer as the page itself.
 */
export function morph(element: Element, html: string): void {
  const wanted = document.createElement(element.tagName);
  wanted.innerHTML = html;
  alignChildren(element, wanted);
}

function alignChildren(now: Element, wanted: Element): void {
  let at = now.firstChild;
  for (const fresh of [...wanted.childNodes]) {
    const match = matchFrom(at, fresh);
    if (match === null) {
      now.insertBefore(fresh, at);
      continue;
    }
    if (match === at) at = match.nextSibling;
    else now.insertBefore(match, at);
    if (!isChart(match) && !match.isEqualNode(fresh)) bringUp(now, match, fresh);
  }
  while (at !== null) {
    const next: ChildNode | null = at.nextSibling;
    at.remove();
    at = next;
  }
}

/** Around charts only differences are changed; elements without charts are replaced. */
function bringUp(parent: Element, old: ChildNode, fresh: ChildNode): void {
  if (holdsChart(old) && old instanceof Element && fresh instanceof Element) alignChildren(old, fresh);
  else parent.replaceChild(fresh, old);
}

/** The existing node to reuse: the one with the same name further on, or the next of the same kind. */
function matchFrom(at: ChildNode | null, fresh: ChildNode): ChildNode | null {
  const key = keyOf(fresh);
  if (key === undefined) return at !== null && keyOf(at) === undefined && at.nodeName === fresh.nodeName ? at : null;
  for (let node = at; node !== null; node = node.nextSibling) if (keyOf(node) === key) return node;
  return null;
}

function keyOf(node: Node): string | undefined {
  if (!(node instanceof Element)) return undefined;
  if (isChart(node)) return `chart ${node.querySelector('.plot')?.id ?? ''}`;
  if (node.nodeName !== 'SECTION' && node.nodeName !== 'ARTICLE') return undefined;
  return `${node.nodeName} ${node.id} ${node.getAttribute('aria-labelledby') ?? ''}`;
}

function isChart(node: Node): boolean {
  return node instanceof Element && node.nodeName === 'FIGURE' && node.querySelector(':scope > .plot') !== null;
}

function holdsChart(node: Node): boolean {
  return node instanceof Element && node.querySelector('.plot') !== null;
}
