import * as z from "zod";
import { ProductKind } from "../../../shared/catalog/model.ts";
import { Availability } from "../../../shared/inventory/available.ts";
import { Money } from "../../../shared/kernel/money.ts";
import { Time } from "../../fields.ts";

export const Product = z
  .object({
    id: z.string(),
    kind: ProductKind,
    name: z.string(),
    price: Money,
    availability: Availability,
    asOf: Time.optional().meta({ description: "How old the suppliers' word is that the availability rests on." }),
  })
  .meta({ id: "Product" });
