// The venue's time zone, as the desk says it with the floor; whatever shows a time is drawn again when it changes.
export const venue = $state<{ zone: string | undefined }>({ zone: undefined })
