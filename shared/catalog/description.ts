import * as z from "zod";
import { hasUnseen, oneName, trimmed } from "../kernel/one-name.ts";

/** What a product says of itself to people, and what the goods are good for. Nothing here changes what a sale does. */

const LONGEST_TEXT = 2_000;
export const LONGEST_NAME = 200;
const CATEGORIES_AT_MOST = 5;
const TAGS_AT_MOST = 20;
const REGIONS_AT_MOST = 60;
const LONGEST_WORD = 40;
const LONGEST_VALIDITY_DAYS = 10 * 366;

/** A text for buyers, in the languages that it is there in. */
const Text = z.string().trim().min(1).max(LONGEST_TEXT);
export const Texts = z.strictObject({ zh: Text.optional(), en: Text.optional() });

const Name = z.string().trim().min(1).max(LONGEST_NAME);

/** The product's name in other languages than that of `name`. */
export const Names = z.strictObject({ zh: Name.optional(), en: Name.optional() });

/** How a buyer redeems a code. */
export const Redemption = z.strictObject({
  /** What to do, step by step. */
  instructions: Texts.optional(),
  /** Where that is done. */
  url: z
    .url({ protocol: /^https$/ })
    .max(500)
    .optional(),
  /** The parameter of the address that takes the code. Absent: the code never stands in an address, which browsers and servers note. */
  codeInUrl: z
    .string()
    .regex(/^[\w.-]{1,40}$/, "must be the name of a parameter")
    .optional(),
});
export type Redemption = z.infer<typeof Redemption>;

/** A word that products are found by. Words are compared without capitals, spaces and widths of letters. */
const Word = z
  .string()
  .max(LONGEST_WORD)
  .overwrite(trimmed)
  .min(1)
  .refine((word) => !hasUnseen(word), "has characters that nobody can see");

const differ = (words: readonly string[]): boolean => new Set(words.map(oneName)).size === words.length;
const wordsOf = (most: number) => z.array(Word).min(1).max(most).refine(differ, "names one of them twice");

const Categories = wordsOf(CATEGORIES_AT_MOST);
const Tags = wordsOf(TAGS_AT_MOST);

/** Where the goods can be redeemed: countries and territories by ISO 3166-1, two letters. Absent: everywhere. */
const Regions = z
  .array(z.string().regex(/^[A-Z]{2}$/, "must be two capital letters, as in CN"))
  .min(1)
  .max(REGIONS_AT_MOST)
  .refine(differ, "names one of them twice");

/** How long the goods can be redeemed: so many days after the sale, or until a moment. A code's own end counts more. */
const Validity = z.union([
  z.strictObject({ days: z.int().min(1).max(LONGEST_VALIDITY_DAYS) }),
  z.strictObject({ until: z.iso.datetime() }),
]);

/**
 * What a buyer may have back. `never`: nothing · `unseen`: goods that nobody has looked at · `always`: all. `days`: for so long after
 * the sale; absent: without an end. An order names the version that it bought, and so this rule as it was then.
 */
const RefundRule = z.strictObject({
  buyer: z.enum(["never", "unseen", "always"]),
  days: z.int().min(1).max(LONGEST_VALIDITY_DAYS).optional(),
});

/** The members of a product that describe it. */
export const description = {
  /** The name in other languages than that of `name`. */
  names: Names.optional(),
  /** What it is, for buyers. */
  description: Texts.optional(),
  /** What buyers read beside their codes. */
  redemption: Redemption.optional(),
  /** The shelves that it stands on. */
  categories: Categories.optional(),
  /** Words that it is found by. */
  tags: Tags.optional(),
  regions: Regions.optional(),
  validity: Validity.optional(),
  refundRule: RefundRule.optional(),
};
