/** The forms in which a secret could lie about, and where they are found: what "nowhere in the clear" is checked by. */
export type Needle = { secret: string; form: string; text: string };

/** Everything that one place keeps: an item, a message, an execution, a log event. */
export type Kept = { place: string; text: string };

export type Finding = { place: string; secret: string; form: string };

/** A secret as it is, and as an encoder in between may have left it. Equal forms count once. */
export function needlesFor(secret: string): Needle[] {
  const bytes = Buffer.from(secret);
  const escaped = JSON.stringify(secret).slice(1, -1);
  const forms: Record<string, string> = {
    plain: secret,
    reversed: Array.from(secret).toReversed().join(""),
    "hex, lower": bytes.toString("hex"),
    "hex, upper": bytes.toString("hex").toUpperCase(),
    "JSON-escaped": escaped,
    "JSON-escaped twice": JSON.stringify(escaped).slice(1, -1),
    "JSON-escaped, all ASCII": escaped.replace(/[^\x20-\x7e]/g, (char) => unicodeEscape(char)),
    "URL-encoded": encodeURIComponent(secret),
    "form-encoded": new URLSearchParams({ "": secret }).toString().slice(1),
  };
  for (const offset of [0, 1, 2]) {
    forms[`base64, ${offset} bytes in`] = alignedBase64(bytes, offset);
    forms[`base64url, ${offset} bytes in`] = alignedBase64(bytes, offset).replaceAll("+", "-").replaceAll("/", "_");
  }
  const seen = new Set<string>();
  return Object.entries(forms).flatMap(([form, text]) => {
    if (seen.has(text)) return [];
    seen.add(text);
    return [{ secret, form, text }];
  });
}

/**
 * The characters that are the same wherever the bytes stand in a longer encoded text: 3 bytes are 4 characters, so what
 * stands `offset` bytes (mod 3) in shares its first character with what is before it, and its last with what follows.
 */
function alignedBase64(bytes: Buffer, offset: number): string {
  const first = Math.ceil((offset * 8) / 6);
  const end = Math.floor(((offset + bytes.length) * 8) / 6);
  return Buffer.concat([Buffer.alloc(offset), bytes])
    .toString("base64")
    .slice(first, end);
}

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Every needle in every place, once for each place. */
export function findIn({ place, text }: Kept, needles: readonly Needle[]): Finding[] {
  return needles.filter((needle) => text.includes(needle.text)).map(({ secret, form }) => ({ place, secret, form }));
}

/** Every text within a value, however deep, without the escapes that JSON would put in; bytes as Latin-1 and as UTF-8. */
export function textsOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value);
    return `${bytes.toString("latin1")}\n${bytes.toString("utf8")}`;
  }
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(textsOf).join("\n");
  if (typeof value === "object")
    return Object.entries(value)
      .map(([name, member]) => `${name}\n${textsOf(member)}`)
      .join("\n");
  return typeof value === "string" ? value : JSON.stringify(value);
}
