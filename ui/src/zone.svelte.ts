// The venue's time zone and business day, as the desk says them with the floor. Whatever shows a time is redrawn when
// they change.
export const venue = $state<{ zone: string | undefined; /** `2026-11-26`. */ today: string | undefined }>({
  zone: undefined,
  today: undefined
})
