import * as z from "zod";

/** Makes a schema for a value that an address says as JSON text of at most `longest` characters. */
export const jsonText = <S extends z.ZodType>(longest: number, value: S) =>
  z
    .string()
    .max(longest)
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: "custom", message: "must be JSON" });
        return z.NEVER;
      }
    })
    .pipe(value);
