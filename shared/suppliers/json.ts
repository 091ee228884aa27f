/** JSON that keeps the digits of large numbers: an id of nineteen digits is not a number that JavaScript has. */

/**
 * JSON.parse also tells this, though the types of this language version don't say so (TC39 proposal JSON.parse source
 * text access).
 */
type Reviver = (name: string, value: unknown, context?: { source?: string }) => unknown;

/** Reads JSON. A whole number beyond 2^53 becomes a text with all of its digits. Throws if it is no JSON. */
export function parseLossless(text: string): unknown {
  // A reviver costs a call for each member, so it is used only if there may be such a number.
  return /\d{16}/.test(text) ? JSON.parse(text, keepDigits as Parameters<typeof JSON.parse>[1]) : JSON.parse(text);
}

const keepDigits: Reviver = (_name, value, context) => {
  const isExact = typeof value !== "number" || Number.isSafeInteger(value);
  return !isExact && context?.source !== undefined && /^-?\d+$/.test(context.source) ? context.source : value;
};

/** Reads a text as JSON, with a byte order mark or without. Undefined if it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return parseLossless(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

/** Makes a whole number from its digits that JSON.stringify writes without quotes and with all digits. */
export function wholeNumber(digits: string): unknown {
  if (!/^\d{1,20}$/.test(digits)) throw new Error("a whole number has 1 to 20 digits");
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(String(BigInt(digits)));
}
