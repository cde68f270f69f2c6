// Reads what it finds, writes a report: the shape of most tools.
#include "observe.h"
int main(int argc, char **argv) {
  FILE *in = fopen("input.txt", "r"), *out = fopen("report.txt", "w");
  if (!in) { printf("no input: %s\n", error_name(errno)); return 2; }
  int lines = 0, words = 0, bytes = 0, inside = 0;
  for (int byte; (byte = fgetc(in)) != EOF; bytes++) {
    if (byte == '\n') lines++;
    int letter = byte != ' ' && byte != '\n';
    if (letter && !inside) words++;
    inside = letter;
  }
  fprintf(out, "%d %d %d %s\n", lines, words, bytes, argc > 1 ? argv[1] : "-");
  fclose(out);
  show("report.txt");
}
