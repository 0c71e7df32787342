/**
 * What a topic to publish to has to be where the text is none [MQTT 3.1.1 clauses 3.3.2.1, 4.7.1.1]; undefined when it is one.
 * Placeholders count as text.
 */
export function expectedOfTopic(topic: string): string | undefined {
  return /[+#]/.test(topic) ? 'a topic without wildcards (+ and #)' : undefined;
}

/** What a filter to subscribe to has to be where the text is none [MQTT 3.1.1 clause 4.7.1]; undefined when it is one. */
export function expectedOfFilter(filter: string): string | undefined {
  const levels = filter.split('/');
  const isMixed = levels.some((level) => level.length > 1 && /[+#]/.test(level));
  if (isMixed) return 'a filter whose wildcards (+ and #) fill a level of their own, such as /a/+/b or /a/#';
  return levels.slice(0, -1).includes('#') ? 'a filter with # as its last level only, such as /a/#' : undefined;
}
