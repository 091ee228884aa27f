import { LIMITS } from "../kernel/limits.ts";
import type { Note, Range } from "./model.ts";

/**
 * What a sweep may do in a range. Numbers drawn before a note was taken are older than the note: when the note is as
 * old as a ticket's lifetime, they are given up. Notes overlap: with one at a time, a ticket drawn just after it would
 * wait twice as long.
 */
export type SweepPlan = {
  /** Slots from `start` up to here that are still available were drawn and never used. */
  orphansBelow: number;
  /** Numbers of returns up to here that are still empty were drawn and never filled. */
  buryBelow: number;
  /** The old note that is being worked off, the younger ones, and the one of this look. */
  notes: readonly Note[];
};

/** Plans a sweep of a range as it was read at `now`. Pure. */
export function planSweep(range: Range, now: Date): SweepPlan {
  const { start, head, tail, next = 0, notes = [] } = range;
  const ageOf = ({ at }: Note): number => (now.getTime() - Date.parse(at)) / 1000;
  const ripe = notes.findLast((note) => ageOf(note) >= LIMITS.holdSeconds);
  const younger = notes.filter((note) => ageOf(note) < LIMITS.holdSeconds);
  const last = notes.at(-1);
  const isNews =
    last === undefined
      ? head !== start || (range.next !== undefined && next !== tail)
      : last.head !== head || last.next !== next;
  const isDue = last === undefined || ageOf(last) >= LIMITS.secondsBetweenNotes;
  const taken = isNews && isDue ? [{ head, next, at: now.toISOString() }] : [];
  return {
    orphansBelow: Math.min(ripe?.head ?? start, start + LIMITS.slotsPerSweep),
    buryBelow: ripe?.next ?? tail,
    notes: [...(ripe === undefined ? [] : [ripe]), ...younger, ...taken],
  };
}
