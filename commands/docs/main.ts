// Everything in the documentation that is made of the code: `make docs`. With `--check` nothing is written, and the process ends
// with 1 when something is out of date.
import "./native-arguments.ts";
import "./settings.ts";
import "./pictures.ts";
import "./permissions.ts";
