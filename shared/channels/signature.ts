import { createHash, createHmac, type KeyObject, timingSafeEqual, verify } from "node:crypto";

// HTTP Message Signatures (RFC 9421) and Content-Digest (RFC 9530), as far as this API takes them. Pure.

/** A request as it came in. `query`: as in the address, without its question mark. Names of headers are in lower case. */
export type Message = {
  method: string;
  authority: string;
  path: string;
  query: string;
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
};

/** A signature of a request: what it covers, what it says of itself, both as they are signed, and its bytes. */
export type Signature = {
  components: string[];
  says: ReadonlyMap<string, number | string>;
  signed: string;
  bytes: Buffer;
};

const NAME = "[a-z*][a-z0-9_.*-]*";
const TEXT = '"[^"\\\\]*"';
const MEMBER_ENDS = "[ \\t]*(?:,[ \\t]*|$)";
/** A member of a dictionary of structured fields (RFC 9651) that is a list of texts with parameters, in the form in which it is signed. */
const COVERED = new RegExp(
  `(?<name>${NAME})=(?<signed>\\((?<components>(?:${TEXT}(?: ${TEXT})*)?)\\)(?<says>(?:;${NAME}=(?:\\d{1,15}|${TEXT}))*))${MEMBER_ENDS}`,
  "y",
);
/** One that is bytes. */
const BYTES = new RegExp(`(?<name>${NAME})=:(?<bytes>[A-Za-z0-9+/]*={0,2}):${MEMBER_ENDS}`, "y");

/** Reads all members of a dictionary that are of one form. Undefined: it has others, or does not parse. */
function membersOf(dictionary: string, form: RegExp): Record<string, string>[] | undefined {
  const members: Record<string, string>[] = [];
  for (let at = 0; at < dictionary.length; ) {
    form.lastIndex = at;
    const { groups } = form.exec(dictionary) ?? {};
    if (groups === undefined) return undefined;
    members.push(groups);
    at = form.lastIndex;
  }
  return members;
}

/** Reads the signature that names this key. Undefined: there is none, or the headers are not as they should be. */
export function signatureOf({ headers }: Message, keyId: string): Signature | undefined {
  const signatures = membersOf(headers["signature"]?.trim() ?? "", BYTES) ?? [];
  for (const { name, signed = "", components = "", says = "" } of membersOf(
    headers["signature-input"]?.trim() ?? "",
    COVERED,
  ) ?? []) {
    const bytes = signatures.find((one) => one["name"] === name)?.["bytes"];
    const parameters = new Map(
      [...says.matchAll(new RegExp(`;(${NAME})=(?:(\\d+)|"([^"]*)")`, "g"))].map(
        ([, parameter = "", number, text = ""]) => [parameter, number === undefined ? text : Number(number)] as const,
      ),
    );
    if (bytes === undefined || parameters.get("keyid") !== keyId) continue;
    const covered = [...components.matchAll(/"([^"]*)"/g)].map(([, component = ""]) => component);
    return { components: covered, says: parameters, signed, bytes: Buffer.from(bytes, "base64") };
  }
  return undefined;
}

/** Makes the text that is signed (RFC 9421, 2.5). Undefined: it covers what the request does not have, or something twice. */
export function signatureBase(message: Message, { components, signed }: Signature): string | undefined {
  if (new Set(components).size < components.length) return undefined;
  const lines = components.map((name) => {
    const value = valueOf(message, name);
    return value === undefined ? undefined : `"${name}": ${value}`;
  });
  if (lines.includes(undefined)) return undefined;
  return [...lines, `"@signature-params": ${signed}`].join("\n");
}

function valueOf({ method, authority, path, query, headers }: Message, name: string): string | undefined {
  switch (name) {
    case "@method":
      return method;
    case "@authority":
      return authority.toLowerCase();
    case "@path":
      return path;
    case "@query":
      return `?${query}`;
    case "@target-uri":
      return `https://${authority.toLowerCase()}${path}${query === "" ? "" : `?${query}`}`;
    default:
      // Its own headers alone: an object also has `constructor` and the like.
      return name.startsWith("@") || !Object.hasOwn(headers, name) ? undefined : headers[name]?.trim();
  }
}

/** Tells whether these are the key's own bytes for the text: `ed25519`, or `hmac-sha256` with a shared secret. */
export function isSignedBy(key: KeyObject, base: string, bytes: Buffer): boolean {
  if (key.type !== "secret") return key.asymmetricKeyType === "ed25519" && verify(null, Buffer.from(base), key, bytes);
  const own = createHmac("sha256", key).update(base).digest();
  return own.length === bytes.length && timingSafeEqual(own, bytes);
}

/** Tells whether a `Content-Digest` is of this body: each of its digests that we know, and one at least. */
export function isDigestOf(body: Buffer, contentDigest: string | undefined): boolean {
  const digests = membersOf(contentDigest?.trim() ?? "", BYTES) ?? [];
  const known = digests.filter(({ name }) => name === "sha-256" || name === "sha-512");
  return (
    known.length > 0 &&
    known.every(({ name = "", bytes = "" }) =>
      createHash(name.replace("-", "")).update(body).digest().equals(Buffer.from(bytes, "base64")),
    )
  );
}
