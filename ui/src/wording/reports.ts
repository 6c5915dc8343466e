// What the reports say in the window: in their list and on paper.

export const madeBy = (made: string) => `Made ${made}`
/** A night in which nothing was taken has no takings to say. */
export const takings = (sums: string) => sums || 'Nothing taken'
/** Whose figures stand in a row, and which day's. */
export const WHO = 'Who'
export const DAY = 'Day'
/** What a tab carries into the next night. */
export const carried = (held: string, bill: string) => `${held} on hold · bill ${bill}`
export const sealed = (journal: string, seal: string) => `${journal}, sealed ${seal}`
export const NOTHING_DRAWN = 'Nothing on these days.'
/** One bar of a chart. */
export const barIs = (day: string, amount: string) => `${day}: ${amount}`
