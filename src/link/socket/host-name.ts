/**
 * A host name without the dot that may end it: `broker.example.com.` is the full name, to which a resolver adds no search domain. Only the
 * resolver uses the dot; certificates and the name that TLS sends omit it [RFC 6066 section 3].
 */
export function withoutRootDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}
