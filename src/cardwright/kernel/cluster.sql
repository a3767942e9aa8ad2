create database cardwright;
