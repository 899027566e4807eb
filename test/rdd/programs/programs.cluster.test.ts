import { checkPrograms } from "./check-programs.js";

// Every partition, shuffle, broadcast and accumulator of the same programs crosses process boundaries here.
checkPrograms("local-cluster[2,1,512]");
