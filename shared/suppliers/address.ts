import * as z from "zod";
import { isPrivate } from "./call.ts";

/** An address that is called, or that somebody is sent to. It is shown and stored as it is, so it must have no secret in it. */
export const Address = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !/^[^/]*\/\/[^/?#\\]*@/.test(url), "may have no user and no password")
  .refine((url) => !URL.canParse(url) || isPrivate(new URL(url)), "must be https");
