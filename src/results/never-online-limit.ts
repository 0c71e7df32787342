/** The most devices that are listed as never online, by a worker and in a summary. Apart from their schema, which workers do not load. */
export const MAX_NEVER_ONLINE = 100;
