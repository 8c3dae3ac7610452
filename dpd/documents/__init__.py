"""Du contenu aux octets : un seul document, cinq écrivains (PDF, XLSX, ODS, CSV, JSON) et un lecteur."""
