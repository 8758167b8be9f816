"""What is kept: tables, migrations, and the work done on them inside one transaction."""
