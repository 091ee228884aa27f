import { isDeepStrictEqual } from "node:util";
import * as z from "zod";

export type Json = Record<string, unknown>;

/** The formats of JSON Schema that we use; zod has names of its own for some of its checks, which say nothing to others. */
const FORMATS = new Set(["date-time", "uri"]);

/**
 * Collects the schemas of one document. Those that are named become its components, and no other document's: what a
 * document does not use is not in it.
 */
export function schemaBook() {
  const components = new Map<string, Json>();
  return {
    /** A schema as it stands in the document, with references to components. `io`: of a request, or of an answer. */
    refer(schema: z.ZodType, io: "input" | "output"): Json {
      const converted = z.toJSONSchema(schema, {
        io,
        unrepresentable: "any",
        reused: "inline",
        override: ({ jsonSchema }) => {
          if (jsonSchema.format !== undefined && !FORMATS.has(jsonSchema.format)) delete jsonSchema.format;
        },
      }) as Json;
      const { $schema: _dialect, $defs = {}, ...rest } = relocate(converted) as Json;
      for (const [id, named] of Object.entries($defs as Record<string, Json>)) note(components, id, named);
      return rest;
    },
    /** All that was referred to, by name. */
    components: (): Json => Object.fromEntries([...components].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

export type SchemaBook = ReturnType<typeof schemaBook>;

function note(components: Map<string, Json>, id: string, { id: _id, ...schema }: Json): void {
  const known = components.get(id);
  if (known !== undefined && !isDeepStrictEqual(known, schema)) throw new Error(`two schemas are called ${id}`);
  components.set(id, schema);
}

/** Within one schema, zod refers to its own definitions; in the document those are components. */
function relocate(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relocate);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "$ref" && typeof inner === "string"
        ? inner.replace("#/$defs/", "#/components/schemas/")
        : relocate(inner),
    ]),
  );
}
