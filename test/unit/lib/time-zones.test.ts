// Names of time zones, as Kubernetes takes them.
import { expect, test } from "vitest";
import { timeZoneFault } from "../../../lib/time-zones.ts";

test.each([
    "UTC",
    "Etc/UTC",
    "Europe/Berlin",
    "America/Argentina/Buenos_Aires",
    "America/Port-au-Prince",
    "Asia/Kolkata",
    "Etc/GMT+5",
])("%s is one", (name) => {
    expect(timeZoneFault(name)).toBeUndefined();
});

test.each([
    ["Mars/Phobos", ""],
    ["", ""],
    ["+01:00", ""],
    ["Local", ""],
    ["europe/berlin", ": did you mean Europe/Berlin?"],
    ["EUROPE/BERLIN", ": did you mean Europe/Berlin?"],
    ["utc", ": did you mean UTC?"],
])("%s is none", (name, fault) => {
    expect(timeZoneFault(name)).toBe(fault);
});
