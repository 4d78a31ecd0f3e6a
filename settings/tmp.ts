// The one folder that every process can write to.
import { usualTmp } from "../lib/resources.ts";
import { byteQuantity } from "./fields.ts";

export const ofTmp = "Size of `/tmp`, which is on the node's disk; a pod that writes more is evicted";
export const tmpNames = ["tmpSize", "scratch", "ephemeralStorage", "tempSize", "emptyDir"];
export const tmp = byteQuantity.default(usualTmp).meta({ alsoCalled: tmpNames }).describe(`${ofTmp}.`);
