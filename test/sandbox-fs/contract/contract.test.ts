// One contract for every way in which an overlay comes to its tree.

import { SUBJECTS } from "./subjects.ts";
import { contractSuite } from "./suite.ts";

for (const { name, open } of SUBJECTS) contractSuite(name, open);
