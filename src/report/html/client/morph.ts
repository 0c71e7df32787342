/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Updates an element to this content. Nodes that are still right stay as they are, and so do charts, so that pixels, zoom, open tables,
 * scrolling, selections and the keyboard's place are kept. The content comes from the same escaping renderer as the page itself.
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
    if (!isChart(match) && !match.isEqualNode(fresh)) bringUp(match, fresh);
  }
  while (at !== null) {
    const next: ChildNode | null = at.nextSibling;
    at.remove();
    at = next;
  }
}

function bringUp(old: ChildNode, fresh: ChildNode): void {
  if (old instanceof Element && fresh instanceof Element) {
    takeAttributes(old, fresh);
    alignChildren(old, fresh);
  } else if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
}

/** What the page itself and its reader set: whether something is open, and whether it is a stop for the keyboard. */
const OWN_ATTRIBUTES = new Set(['open', 'tabindex', 'data-closed']);

function takeAttributes(old: Element, fresh: Element): void {
  for (const { name } of [...old.attributes])
    if (!OWN_ATTRIBUTES.has(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes)
    if (!OWN_ATTRIBUTES.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
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
  if (node.nodeName === 'SECTION' || node.nodeName === 'ARTICLE')
    return `${node.nodeName} ${node.id} ${node.getAttribute('aria-labelledby') ?? ''}`;
  // A table or a list that comes to stand before another one does not become it.
  const name = node.getAttribute('aria-label');
  return name === null ? undefined : `${node.nodeName} ${name}`;
}

function isChart(node: Node): boolean {
  return node instanceof Element && node.nodeName === 'FIGURE' && node.querySelector(':scope > .plot') !== null;
}
