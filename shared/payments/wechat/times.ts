const BEIJING_MS = 8 * 3_600_000;

/** Gives a time by Beijing's clock, in whole seconds and never later. */
export const beijing = (at: string): string =>
  `${new Date(Date.parse(at) + BEIJING_MS).toISOString().slice(0, "2015-05-20T13:29:35".length)}+08:00`;

/** Gives a time of theirs (`2015-05-20T13:29:35+08:00`) as ours. */
export const utc = (time: string): string => new Date(time).toISOString();
