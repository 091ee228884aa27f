import * as z from "zod";
import { deadLetterQueues } from "../../../shared/dead-letters/catalogue.ts";
import { Time } from "../../fields.ts";

export const Letter = z
  .object({
    queue: z.enum(deadLetterQueues),
    id: z.string(),
    ids: z.record(z.string(), z.string()).meta({ description: "What it is about." }),
    reason: z.string().meta({ description: "An error's name, or AWS's word for why it gave up." }),
    tries: z.int().optional(),
    lastAt: Time.optional(),
  })
  .meta({ id: "DeadLetter" });

export const Replays = z
  .object({
    results: z.array(
      z.object({
        id: z.string(),
        result: z.enum(["replayed", "kept", "failed"]).meta({
          description: "`kept`: it does not say what it was about, and stays for a person · `failed`: it stays.",
        }),
        error: z.string().optional(),
      }),
    ),
  })
  .meta({ id: "Replays" });
